/* Chooses the same answer for every group of radios that has none yet.
   <button type="button" class="btn needs-js" data-fill-rest="#checklist" value="ok">其余都合格</button> */
(function () {
  "use strict";
  halls.behaviour("fillRest", function (button) {
    button.addEventListener("click", function () {
      var within = document.querySelector(button.dataset.fillRest);
      var answered = {};
      var radios = Array.from(within.querySelectorAll("input[type=radio]"));
      radios.forEach(function (radio) { if (radio.checked) answered[radio.name] = true; });
      radios.forEach(function (radio) {
        if (!answered[radio.name] && radio.value === button.value) radio.checked = true;
      });
      within.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
})();
