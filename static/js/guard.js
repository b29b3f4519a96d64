/* A form goes once: the button rests after the first press and wakes when the page is shown again.
   data-no-guard on a form leaves it alone (a download does not leave the page). */
(function () {
  "use strict";
  var resting = [];

  function rest(form, pressed) {
    Array.from(document.querySelectorAll("button, input[type=submit]")).forEach(function (button) {
      if (button.form !== form || button.type === "button" || button.disabled) return;
      resting.push({ button: button, text: button.textContent, form: form });
      button.disabled = true;
      if (button === pressed && button.tagName === "BUTTON") button.textContent = "正在提交…";
    });
    form.setAttribute("aria-busy", "true");
  }

  function wake() {
    resting.splice(0).forEach(function (item) {
      item.button.disabled = false;
      if (item.button.tagName === "BUTTON") item.button.textContent = item.text;
      item.form.removeAttribute("aria-busy");
    });
  }

  window.addEventListener("pageshow", wake);
  document.addEventListener("htmx:afterRequest", wake);
  halls.behaviour("guard", function (form) {
    if (form.hasAttribute("data-no-guard") || form.target === "_blank") return;
    form.addEventListener("submit", function (event) {
      var pressed = event.submitter || (form.contains(document.activeElement) ? document.activeElement : null);
      /* after the browser has gathered the fields, or the button's own value would be lost */
      setTimeout(function () {
        if (!event.defaultPrevented) rest(form, pressed);
      }, 0);
    });
  });
})();
