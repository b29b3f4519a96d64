/* Signing on the screen. The strokes go as a PNG data URL in the hidden input of [data-signature]. */
(function () {
  "use strict";
  halls.behaviour("signature", function (wrap) {
    var canvas = wrap.querySelector("canvas");
    var field = wrap.querySelector("input[type=hidden]");
    var status = wrap.querySelector("[role=status]");
    var clear = wrap.querySelector("[data-signature-clear]");
    var pen = canvas.getContext("2d");
    var last = null;
    var length = 0;

    function blank() {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.lineWidth = 5;
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = "#000";
      field.value = "";
      length = 0;
    }

    function place(event) {
      var box = canvas.getBoundingClientRect();
      return { x: (event.clientX - box.left) * canvas.width / box.width, y: (event.clientY - box.top) * canvas.height / box.height };
    }

    function stroke(event) {
      var here = place(event);
      pen.beginPath();
      pen.moveTo(last.x, last.y);
      pen.lineTo(here.x, here.y);
      pen.stroke();
      length += Math.abs(here.x - last.x) + Math.abs(here.y - last.y);
      last = here;
    }

    canvas.addEventListener("pointerdown", function (event) {
      if (event.button) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      last = place(event);
      stroke(event);
    });
    canvas.addEventListener("pointermove", function (event) {
      if (!last) return;
      (event.getCoalescedEvents ? event.getCoalescedEvents() : []).concat([event]).forEach(stroke);
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      canvas.addEventListener(name, function () {
        if (!last) return;
        last = null;
        /* a slip of the finger is not a signature */
        if (length < 120) return;
        field.value = canvas.toDataURL("image/png");
        status.textContent = "已签。";
      });
    });
    clear.addEventListener("click", function () {
      blank();
      status.textContent = "已擦掉，请重签。";
    });
    blank();
  });
})();
