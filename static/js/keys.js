/* j and k walk the rows of a list, Enter opens (it is a link), / goes to the search box.
   The letters can be switched off: a person who speaks to the machine must not open cases by talking. */
(function () {
  "use strict";
  var off = false;
  try { off = localStorage.getItem("halls-keys") === "off"; } catch (error) { off = false; }

  function typing(element) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(checkbox|radio|button)$/.test(element.type);
  }

  function links(table) {
    return Array.from(table.querySelectorAll(".row-link"));
  }

  function step(table, by) {
    var rows = links(table);
    var row = document.activeElement.closest("tr");
    var here = row && table.contains(row) ? rows.indexOf(row.querySelector(".row-link")) : -1;
    var next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1);
    if (!rows[next]) return;
    rows[next].focus({ preventScroll: true });
    rows[next].closest("tr").scrollIntoView({ block: "nearest" });
  }

  function press(table, event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (off || !document.contains(table)) return;
    if (event.key === "j") step(table, 1);
    else if (event.key === "k") step(table, -1);
    else if (event.key === "/") {
      var box = document.querySelector("input[type=search]");
      if (!box) return;
      box.focus();
    } else return;
    event.preventDefault();
  }

  function hint(table) {
    var line = document.createElement("p");
    var button = document.createElement("button");
    line.className = "keys-hint no-print";
    button.type = "button";
    button.className = "btn btn-link";
    function say() {
      line.textContent = off ? "键盘快捷键已关。" : "按 j / k 上下移动，Enter 打开，/ 搜索。";
      button.textContent = off ? "打开" : "关闭快捷键";
      line.append(" ", button);
    }
    button.addEventListener("click", function () {
      off = !off;
      try { localStorage.setItem("halls-keys", off ? "off" : "on"); } catch (error) { /* this page only */ }
      say();
      button.focus();
    });
    say();
    (table.closest(".scroll-x") || table).after(line);
  }

  halls.behaviour("keys", function (table) {
    if (matchMedia("(max-width: 47.99em)").matches || !links(table).length) return;
    document.addEventListener("keydown", function (event) { press(table, event); });
    hint(table);
  });
})();
