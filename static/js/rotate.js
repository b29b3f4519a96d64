/* <div data-rotate="3"> shows one of its .wall-page after the other, twenty seconds each, by the clock on the wall: a region
   that is fetched anew goes on where it was, and two screens side by side show the same page. */
(function () {
  "use strict";
  var SECONDS = 20;
  halls.behaviour("rotate", function (frame) {
    var pages = Number(frame.dataset.rotate) || 1;
    function turn() { frame.dataset.page = String(Math.floor(Date.now() / 1000 / SECONDS) % pages + 1); }
    turn();
    setInterval(turn, 1000);
  });
})();
