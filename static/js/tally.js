/* Adds up radios as they are chosen. <p data-tally="#materials"> holds <span data-tally-value="missing">缺 <b>0</b></span>;
   <span data-tally-rest>还有 <b>0</b> 份没看</span> takes the groups without an answer. */
(function () {
  "use strict";
  halls.behaviour("tally", function (line) {
    var within = document.querySelector(line.dataset.tally);
    if (!within) return;

    function count() {
      var chosen = {};
      var groups = {};
      Array.from(within.querySelectorAll("input[type=radio]")).forEach(function (radio) {
        groups[radio.name] = groups[radio.name] || radio.checked;
        if (radio.checked) chosen[radio.value] = (chosen[radio.value] || 0) + 1;
      });
      Array.from(line.querySelectorAll("[data-tally-value]")).forEach(function (part) {
        part.querySelector("b").textContent = chosen[part.dataset.tallyValue] || 0;
      });
      Array.from(line.querySelectorAll("[data-tally-rest]")).forEach(function (part) {
        var rest = Object.keys(groups).filter(function (name) { return !groups[name]; }).length;
        part.querySelector("b").textContent = rest;
        part.hidden = !rest;
      });
    }
    within.addEventListener("change", count);
    line.setAttribute("role", "status");
    count();
  });
})();
