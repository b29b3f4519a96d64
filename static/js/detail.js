/* Master and detail: on a wide screen a row of [data-detail="id"] opens in #id, beside the list.
   The answer is the ordinary page; its [data-detail-body], or else its main, is shown.
   With Ctrl, with the middle button, or on a narrow screen the link stays a link. */
(function () {
  "use strict";
  var latest = 0;

  function mark(table, link) {
    Array.from(table.querySelectorAll(".is-current")).forEach(function (row) { row.classList.remove("is-current"); });
    link.closest("tr").classList.add("is-current");
  }

  function show(pane, text, url) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var body = page.querySelector("[data-detail-body]") || page.querySelector("main");
    if (!body) { location.href = url; return; }
    halls.fill(pane, halls.adopt(body));
    Array.from(pane.querySelectorAll("h1")).forEach(function (heading) {
      heading.setAttribute("role", "heading");
      heading.setAttribute("aria-level", "2");
    });
    halls.scan(pane);
    if (window.htmx) window.htmx.process(pane);
    pane.scrollTop = 0;
  }

  function open(table, pane, link) {
    var mine = ++latest;
    mark(table, link);
    pane.setAttribute("aria-busy", "true");
    fetch(link.href, { credentials: "same-origin", headers: { "X-Detail": "1" } })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error("detail");
        return answer.text();
      })
      .then(function (text) {
        if (mine !== latest) return;
        pane.removeAttribute("aria-busy");
        show(pane, text, link.href);
      })
      .catch(function () { location.href = link.href; });
  }

  halls.behaviour("detail", function (table) {
    var pane = document.getElementById(table.dataset.detail);
    if (!pane) return;
    pane.setAttribute("aria-live", "polite");
    table.addEventListener("click", function (event) {
      var link = event.target.closest(".row-link");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      if (getComputedStyle(pane.parentElement).display !== "grid" && pane.parentElement.matches(".split")) return;
      if (!matchMedia("(min-width: 75em)").matches) return;
      event.preventDefault();
      open(table, pane, link);
    });
  });
})();
