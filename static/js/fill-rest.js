/* Answers every group of radios that has none yet with the answer it proposes itself.
   <button type="button" class="btn needs-js" data-fill-rest="#checklist">其余都合格</button>
   <fieldset data-rest="ok">: a group that proposes nothing (data-rest="") stays open. */
(function () {
  "use strict";
  halls.behaviour("fillRest", function (button) {
    button.addEventListener("click", function () {
      var within = document.querySelector(button.dataset.fillRest);
      var answered = {};
      var radios = Array.from(within.querySelectorAll("input[type=radio]"));
      radios.forEach(function (radio) { if (radio.checked) answered[radio.name] = true; });
      radios.forEach(function (radio) {
        if (!answered[radio.name] && radio.value === radio.closest("fieldset").dataset.rest) radio.checked = true;
      });
      within.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
})();
