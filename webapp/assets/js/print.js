// A page that is made for paper offers to print itself. Without this script the browser's own command does.
export function printing(document) {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => document.defaultView.print());
  }
}
