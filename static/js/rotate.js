/* <div data-rotate="3"> shows one of its .wall-page after the other, twenty seconds each, by the clock on the wall: a region
   that is fetched anew goes on where it was, and two screens side by side show the same page. On a screen of twice the width
   (css/wall.css) the first page stays and the others take turns beside it. */
(function () {
  "use strict";
  var SECONDS = 20;
  halls.behaviour("rotate", function (frame) {
    var pages = Number(frame.dataset.rotate) || 1;
    var wide = window.matchMedia("(min-width: 180em) and (min-aspect-ratio: 5/2)");
    function turn() {
      var turns = Math.floor(Date.now() / 1000 / SECONDS);
      frame.dataset.page = String(wide.matches && pages > 1 ? turns % (pages - 1) + 2 : turns % pages + 1);
    }
    turn();
    setInterval(turn, 1000);
  });
})();
