// The page of cut marks: the page that is pointed at or focused is shown large beside the others.

const large = document.getElementById("large");

function show(event) {
  const page = event.target.closest("[data-large]");
  if (!page || large.getAttribute("src") === page.dataset.large) return;
  large.src = page.dataset.large;
  large.hidden = false;
}

document.addEventListener("focusin", show);
document.addEventListener("pointerover", show);

// Enter tries the marks wherever the focus is, also on a list of kinds, where browsers do nothing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.closest("button, a, summary")) return;
  event.preventDefault();
  document.getElementById("marks").requestSubmit(document.getElementById("try-marks"));
});
