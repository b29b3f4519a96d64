/* An identity number as it is typed or read: no spaces, X in capitals, how many digits are still to come,
   and whether the last one fits (GB 11643). The server decides; this only helps the eye. */
(function () {
  "use strict";
  var weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

  function clean(text) {
    return text.replace(/[\uff01-\uff5e]/g, function (wide) {
      return String.fromCharCode(wide.charCodeAt(0) - 0xfee0);
    }).replace(/[\s-]/g, "").toUpperCase();
  }

  function fits(number) {
    var sum = weights.reduce(function (total, weight, place) { return total + weight * Number(number[place]); }, 0);
    return "10X98765432"[sum % 11] === number[17];
  }

  function verdict(number) {
    if (!number) return ["", ""];
    if (/[^0-9X]/.test(number) || number.slice(0, -1).indexOf("X") >= 0) return ["bad", "只能有数字，X 只能在末位。"];
    if (number.length < 18) return ["", "已输 " + number.length + " 位，还差 " + (18 - number.length) + " 位。"];
    if (number.length > 18) return ["bad", "多了 " + (number.length - 18) + " 位。"];
    if (!/^\d{17}[\dX]$/.test(number) || !fits(number)) return ["bad", "校验位对不上，请对照证件再看一遍。"];
    return ["good", "18 位，校验位对。"];
  }

  halls.behaviour("idNumber", function (field) {
    var input = field.matches("input") ? field : field.querySelector("input[type=text], input:not([type])");
    if (!input) return;
    var line = document.createElement("span");
    line.className = "live";
    line.id = input.id + "-live";
    input.after(line);
    input.setAttribute("aria-describedby", ((input.getAttribute("aria-describedby") || "") + " " + line.id).trim());

    function look() {
      var number = clean(input.value);
      if (number !== input.value) {
        var end = input.value.length - input.selectionEnd;
        input.value = number;
        input.setSelectionRange(Math.max(0, number.length - end), Math.max(0, number.length - end));
      }
      var said = verdict(number);
      line.dataset.state = said[0];
      line.textContent = said[1];
    }
    input.addEventListener("input", function (event) { if (!event.isComposing) look(); });
    input.addEventListener("change", look);
    input.addEventListener("blur", function () { line.setAttribute("role", "status"); look(); });
    if (input.value && /^[0-9Xx\s]+$/.test(input.value)) look();
  });
})();
