/* Looking at papers: + and - zoom, R turns, the arrows change the page while the picture has the focus. */
(function () {
  "use strict";
  function Viewer(wrap) {
    this.stage = wrap.querySelector(".viewer-stage");
    this.status = wrap.querySelector("[role=status]");
    this.items = Array.from(wrap.querySelectorAll("[data-viewer-item=image]"));
    this.image = document.createElement("img");
    this.image.addEventListener("load", this.fit.bind(this));
    this.image.addEventListener("error", this.failed.bind(this));
    this.stage.append(this.image);
    this.at = -1;
  }

  Viewer.prototype.open = function (index) {
    if (!this.items.length) return;
    this.at = (index + this.items.length) % this.items.length;
    this.turned = 0;
    this.zoom = 1;
    this.items.forEach(function (item) { item.removeAttribute("aria-current"); });
    var item = this.items[this.at];
    item.setAttribute("aria-current", "true");
    this.image.alt = item.textContent;
    this.image.src = item.href;
    this.status.textContent = item.textContent + "（" + (this.at + 1) + "/" + this.items.length + "）";
  };

  Viewer.prototype.failed = function () {
    this.status.textContent = "这张图打不开，请点下面的名字单独打开，或请来件处重传。";
  };

  /* the picture is placed in the middle and the stage scrolls when it is larger */
  Viewer.prototype.fit = function () {
    var image = this.image;
    if (!image.naturalWidth) return;
    var lying = this.turned % 180 !== 0;
    var wide = lying ? image.naturalHeight : image.naturalWidth;
    var high = lying ? image.naturalWidth : image.naturalHeight;
    var stage = this.stage;
    var scale = Math.min(stage.clientWidth / wide, stage.clientHeight / high) * this.zoom;
    image.style.width = image.naturalWidth * scale + "px";
    image.style.left = Math.max(stage.clientWidth, wide * scale) / 2 + "px";
    image.style.top = Math.max(stage.clientHeight, high * scale) / 2 + "px";
    image.style.transform = "translate(-50%, -50%) rotate(" + this.turned + "deg)";
  };

  Viewer.prototype.act = function (name) {
    if (name === "previous") this.open(this.at - 1);
    else if (name === "next") this.open(this.at + 1);
    else {
      if (name === "in") this.zoom = Math.min(6, this.zoom * 1.4);
      if (name === "out") this.zoom = Math.max(1, this.zoom / 1.4);
      if (name === "turn") this.turned = (this.turned + 90) % 360;
      this.fit();
    }
  };

  var keys = { "+": "in", "=": "in", "-": "out", r: "turn", R: "turn", ArrowLeft: "previous", ArrowRight: "next" };

  halls.behaviour("viewer", function (wrap) {
    var viewer = new Viewer(wrap);
    wrap.addEventListener("click", function (event) {
      var button = event.target.closest("[data-viewer-do]");
      var item = event.target.closest("[data-viewer-item=image]");
      if (button) viewer.act(button.dataset.viewerDo);
      if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      viewer.open(viewer.items.indexOf(item));
    });
    viewer.stage.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      if (viewer.zoom > 1 && event.key.indexOf("Arrow") === 0) return;
      event.preventDefault();
      viewer.act(keys[event.key]);
    });
    viewer.stage.addEventListener("dblclick", function () {
      viewer.zoom = viewer.zoom > 1 ? 1 : 2;
      viewer.fit();
    });
    window.addEventListener("resize", function () { viewer.fit(); });
    viewer.open(0);
  });
})();
