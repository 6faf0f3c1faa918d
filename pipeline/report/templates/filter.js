(function () {
  "use strict";
  var text = document.getElementById("text");
  var rows = Array.prototype.slice.call(document.querySelectorAll("#dossiers tbody tr"));
  var words = rows.map(function (row) { return row.textContent.toLowerCase(); });
  var shown = document.getElementById("shown");
  function apply() {
    var wanted = text.value.trim().toLowerCase().split(/\s+/);
    var route = document.querySelector("input[name=route]:checked").value;
    var count = 0;
    rows.forEach(function (row, i) {
      var keep = (route === "" || row.dataset.route === route) &&
        wanted.every(function (word) { return words[i].indexOf(word) !== -1; });
      row.hidden = !keep;
      if (keep) { count += 1; }
    });
    shown.textContent = count;
  }
  text.addEventListener("input", apply);
  document.querySelectorAll("input[name=route]").forEach(function (input) {
    input.addEventListener("change", apply);
  });
  document.getElementById("filter").hidden = false;
  apply();
})();
