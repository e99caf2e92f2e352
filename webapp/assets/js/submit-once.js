// A form that is on its way is not sent a second time, however often it is clicked.
// The button is not disabled: a disabled one would not be sent along, and it would lose the focus.
export function submitOnce(document) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.hasAttribute("aria-busy")) event.preventDefault();
    else form.setAttribute("aria-busy", "true");
  });
  // Whoever comes back with the browser's Back button finds the form as it was, and may send it again.
  addEventListener("pageshow", () => {
    for (const form of document.forms) form.removeAttribute("aria-busy");
  });
}
