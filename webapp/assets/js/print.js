// What prints the page it stands on; without scripts the browser's own menu does.
export function print(document) {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
