/* A photo of a paper is made small before it travels: A4 at 200 dpi (1654 px), JPEG .8, about 300 KB.
   Wraps one file input. Where the browser cannot, the file goes as it is. */
(function () {
  "use strict";
  var LONG_SIDE = 1654;
  var QUALITY = 0.8;

  function size(bytes) {
    return bytes >= 1048576 ? (bytes / 1048576).toFixed(1) + " MB" : Math.max(1, Math.round(bytes / 1024)) + " KB";
  }

  function draw(picture, width, height) {
    var canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    var pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    pen.drawImage(picture, 0, 0, width, height);
    return canvas;
  }

  function shrink(file) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) return Promise.resolve({ file: file });
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (picture) {
      var scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
      var canvas = draw(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
      var thumb = draw(picture, 128, Math.max(1, Math.round(128 * picture.height / picture.width)));
      if (picture.close) picture.close();
      return new Promise(function (done) {
        canvas.toBlob(function (blob) {
          if (!blob || blob.size >= file.size) { done({ file: file, thumb: thumb }); return; }
          var name = file.name.replace(/\.\w+$/, "") + ".jpg";
          done({ file: new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified }), thumb: thumb });
        }, "image/jpeg", QUALITY);
      });
    }).catch(function () { return { file: file }; });
  }

  function put(input, results) {
    try {
      var tray = new DataTransfer();
      results.forEach(function (result) { tray.items.add(result.file); });
      input.files = tray.files;
      return true;
    } catch (error) {
      return false;
    }
  }

  function show(list, results) {
    halls.fill(list, results.map(function (result) {
      var item = document.createElement("li");
      var name = document.createElement("span");
      name.textContent = result.file.name;
      if (result.thumb) item.append(result.thumb);
      item.append(name);
      return item;
    }));
  }

  halls.behaviour("shrink", function (wrap) {
    var input = wrap.querySelector("input[type=file]");
    if (!input) return;
    var list = document.createElement("ul");
    var line = document.createElement("span");
    var turn = 0;
    list.className = "thumbs";
    line.className = "live";
    line.setAttribute("role", "status");
    wrap.append(line, list);
    input.addEventListener("change", function () {
      var files = Array.from(input.files);
      var mine = ++turn;
      var before = files.reduce(function (sum, file) { return sum + file.size; }, 0);
      var submit = Array.from(input.form ? input.form.elements : []).filter(function (element) {
        return element.type === "submit" && !element.disabled;
      });
      halls.fill(list, []);
      line.textContent = files.length ? "正在压缩 " + files.length + " 张…" : "";
      submit.forEach(function (button) { button.disabled = true; });
      Promise.all(files.map(shrink)).then(function (results) {
        submit.forEach(function (button) { button.disabled = false; });
        if (mine !== turn || !files.length) return;
        var kept = put(input, results);
        var after = results.reduce(function (sum, result) { return sum + result.file.size; }, 0);
        show(list, results);
        line.textContent = "已选 " + files.length + " 个文件，" +
          (kept && after < before ? size(before) + " 压缩到 " + size(after) + "。" : size(before) + "。") + "还没有上传，提交时一起传。";
      });
    });
  });
})();
