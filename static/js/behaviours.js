/* Finds what a page needs and fetches it. A behaviour file calls
   halls.behaviour("name", start): start(element) runs once for every element that carries data-name. */
(function () {
  "use strict";
  var root = document.documentElement;
  var sources = document.currentScript.dataset;
  var wanted = {
    guard: "main form[method='post'], .banner form",
    keys: "[data-keys]",
    detail: "[data-detail]",
    shrink: "[data-shrink]",
    signature: "[data-signature]",
    viewer: "[data-viewer]",
    idNumber: "[data-id-number]",
    poll: "[data-poll]",
    print: "[data-print]",
    tally: "[data-tally]",
    fillRest: "[data-fill-rest]",
    checklist: "[data-checklist]",
    chart: "[data-chart]",
    rotate: "[data-rotate]",
    htmx: "[hx-get], [hx-post]",
  };
  var asked = {};
  var starts = {};
  var begun = new WeakMap();

  function all(within, selector) {
    var found = Array.from(within.querySelectorAll(selector));
    return within.matches && within.matches(selector) ? [within].concat(found) : found;
  }

  function begin(name, within) {
    all(within, wanted[name]).forEach(function (element) {
      var done = begun.get(element) || {};
      if (done[name]) return;
      done[name] = true;
      begun.set(element, done);
      starts[name](element);
    });
  }

  function fetchScript(name) {
    asked[name] = true;
    var address = sources["src" + name[0].toUpperCase() + name.slice(1)];
    if (!address) return;
    var script = document.createElement("script");
    script.src = address;
    document.head.appendChild(script);
  }

  /* htmx starts itself only in a page that is complete. */
  function ask(name) {
    if (name !== "htmx" || document.readyState === "complete") fetchScript(name);
    else {
      asked[name] = true;
      window.addEventListener("load", function () { fetchScript(name); });
    }
  }

  function scan(within) {
    Object.keys(wanted).forEach(function (name) {
      if (starts[name]) begin(name, within);
      else if (!asked[name] && all(within, wanted[name]).length) ask(name);
    });
  }

  /* replaceChildren, for browsers before it */
  function fill(element, nodes) {
    while (element.firstChild) element.removeChild(element.firstChild);
    Array.from(nodes).forEach(function (node) { element.appendChild(node); });
  }

  /* the children of an element of another document, to be put into this one */
  function adopt(element) {
    return Array.from(element.childNodes).map(function (node) { return document.importNode(node, true); });
  }

  window.halls = {
    scan: scan,
    fill: fill,
    adopt: adopt,
    behaviour: function (name, start) {
      starts[name] = start;
      begin(name, document);
    },
  };
  root.classList.add("js");
  scan(document);
  document.addEventListener("htmx:load", function (event) { scan(event.target); });
})();
