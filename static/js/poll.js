/* <div id="region" data-poll="15" data-poll-url="/…/"> is fetched again every 15 s and replaced by the answer's
   #region (or by the whole fragment). The ETag travels along, so that nothing new costs 304. A hidden page rests. X-Background keeps the
   session from being renewed by a machine.
   [data-poll-status] says when it was last true; after three missed turns [data-poll-stale] is shown. */
(function () {
  "use strict";
  function two(number) { return (number < 10 ? "0" : "") + number; }

  function Poll(region) {
    this.region = region;
    this.every = Math.max(5, Number(region.dataset.poll) || 15) * 1000;
    this.url = region.dataset.pollUrl || location.href;
    this.tag = "";
    this.good = Date.now();
  }

  Poll.prototype.statuses = function (selector) {
    var near = Array.from(this.region.querySelectorAll(selector));
    return near.concat(Array.from(document.querySelectorAll("[data-poll-for='" + this.region.id + "'] " + selector)));
  };

  Poll.prototype.told = function (ok) {
    if (ok) this.good = Date.now();
    var stale = Date.now() - this.good > 3 * this.every;
    var now = new Date(this.good);
    this.region.classList.toggle("is-stale", stale);
    this.statuses("[data-poll-stale]").forEach(function (badge) { badge.hidden = !stale; });
    if (!ok) return;
    this.statuses("time").forEach(function (time) {
      if (!time.closest("[data-poll-status]")) return;
      time.textContent = two(now.getHours()) + ":" + two(now.getMinutes());
      time.dateTime = now.toISOString();
    });
  };

  Poll.prototype.replace = function (text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var fresh = (this.region.id && page.getElementById(this.region.id)) || page.body;
    var focused = this.region.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    halls.fill(this.region, halls.adopt(fresh));
    halls.scan(this.region);
    if (window.htmx) window.htmx.process(this.region);
    if (!focused) return;
    var link = Array.from(this.region.querySelectorAll("a")).find(function (item) { return item.getAttribute("href") === focused; });
    if (link) link.focus({ preventScroll: true });
  };

  Poll.prototype.turn = function () {
    var poll = this;
    if (document.hidden || !document.contains(this.region)) return Promise.resolve();
    var headers = { "X-Background": "1" };
    if (this.tag) headers["If-None-Match"] = this.tag;
    return fetch(this.url, { credentials: "same-origin", cache: "no-store", headers: headers })
      .then(function (answer) {
        if (answer.status === 304) { poll.told(true); return null; }
        if (!answer.ok || answer.redirected) throw new Error("poll " + answer.status);
        return answer.text().then(function (text) {
          poll.tag = answer.headers.get("ETag") || "";
          poll.replace(text);
          poll.told(true);
        });
      })
      .catch(function () { poll.told(false); });
  };

  Poll.prototype.run = function () {
    var poll = this;
    var timer = setTimeout(function again() {
      poll.turn().then(function () {
        if (document.contains(poll.region)) timer = setTimeout(again, poll.every);
      });
    }, poll.every);
    document.addEventListener("visibilitychange", function () {
      if (!document.hidden && Date.now() - poll.good > poll.every) poll.turn();
    });
    return timer;
  };

  halls.behaviour("poll", function (region) { new Poll(region).run(); });
})();
