// Copies one answer of a copy sheet; without a script a click marks the whole answer, and the buttons are not there.
for (const one of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  one.hidden = false;
  one.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(one.dataset.copy).textContent);
    document.getElementById(one.dataset.copy.replace(/-text$/, "")).checked = true;
  });
}
