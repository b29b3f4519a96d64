/* Remembers which papers are packed. <ul data-checklist="NY-003/1"> holds checkboxes; the ticks stay on this device,
   and belong to this version of the guide. */
(function () {
  "use strict";
  halls.behaviour("checklist", function (list) {
    var key = "checklist/" + list.dataset.checklist;
    var boxes = Array.from(list.querySelectorAll("input[type=checkbox]"));
    var ticked = [];
    try { ticked = JSON.parse(localStorage.getItem(key)) || []; } catch (error) { /* no store, or not ours: nothing is ticked */ }
    boxes.forEach(function (box) { if (ticked.indexOf(box.value) >= 0) box.checked = true; });
    list.addEventListener("change", function () {
      var now = boxes.filter(function (box) { return box.checked; }).map(function (box) { return box.value; });
      try { localStorage.setItem(key, JSON.stringify(now)); } catch (error) { /* a browser without a store still ticks */ }
    });
  });
})();
