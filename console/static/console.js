// On every page: partial swaps of forms marked with data-swap, and buttons named by data-key.

document.documentElement.classList.add("js");

const announce = (text) => {
  const place = document.getElementById("announce");
  if (place) place.textContent = text;
};

/** Replaces each element of the answer that has the id of one on this page. */
export function swapIn(html) {
  const found = new DOMParser().parseFromString(html, "text/html");
  for (const part of [...found.body.querySelectorAll("[id]")]) {
    const old = document.getElementById(part.id);
    if (old && !part.parentElement.closest("[data-swapped]")) {
      part.dataset.swapped = "";
      old.replaceWith(part);
    }
  }
  for (const part of document.querySelectorAll("[data-swapped]")) delete part.dataset.swapped;
  document.dispatchEvent(new CustomEvent("swapped"));
}

/** Sends a form and swaps what comes back; `extra` fields are added to it. */
export async function send(form, extra = {}) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Swap": "1" } });
    const go = answer.headers.get("X-Go");
    if (go) location.assign(go);
    else if (answer.redirected) location.assign(answer.url);
    else if (answer.status === 401) location.reload();
    else swapIn(await answer.text());
    const problem = document.getElementById("problem");
    if (problem) announce(problem.textContent);
  } finally {
    delete form.dataset.sending;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-swap]")) return;
  event.preventDefault();
  const button = event.submitter;
  if (button && button.hasAttribute("data-edit") && form.querySelector(".edit")) {
    document.dispatchEvent(new CustomEvent("edit", { detail: form }));
    return;
  }
  const extra = {};
  if (button && button.name) extra[button.name] = button.value;
  if (button && button.dataset.answer) extra.answer = button.dataset.answer;
  send(form, extra);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key !== "Escape" && event.target.closest("input, select, textarea, dialog")) return;
  const named = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!named) return;
  event.preventDefault();
  if (named.matches("input")) named.focus();
  else named.click();
});

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-act="print"]')) window.print();
});
