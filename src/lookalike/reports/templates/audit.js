"use strict";
(() => {
  const bottom = document.getElementById("bottom");
  if (!bottom) return;
  const boxes = [...document.querySelectorAll("input[data-decision]")];
  const file = JSON.parse(document.getElementById("decisions").textContent);
  const accepted = document.getElementById("accepted");

  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    accepted.textContent = `${chosen} of ${boxes.length} accepted`;
    for (const box of boxes) box.closest(".card").classList.toggle("yes", box.checked);
  };
  const choose = (wanted) => {
    for (const box of boxes) box.checked = wanted(box);
    count();
  };

  for (const box of boxes) {
    box.closest("label").hidden = false;
    box.addEventListener("change", count);
  }
  const certain = document.getElementById("certain");
  const least = Number(certain.dataset.least);
  certain.addEventListener("click", () =>
    choose((box) => box.checked || Number(box.dataset.confidence) >= least));
  document.getElementById("none").addEventListener("click", () => choose(() => false));

  const save = document.getElementById("save");
  save.addEventListener("click", () => {
    for (const box of boxes) file.decisions[Number(box.dataset.decision)].accept = box.checked;
    const text = JSON.stringify(file, null, 2) + "\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = save.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });

  bottom.hidden = false;
  count();
})();
