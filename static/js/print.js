/* <button type="button" class="btn needs-js" data-print>打印</button> */
(function () {
  "use strict";
  halls.behaviour("print", function (button) {
    button.addEventListener("click", function () { window.print(); });
  });
})();
