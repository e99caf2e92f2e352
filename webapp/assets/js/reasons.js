// What is asked for some reasons alone is shown only while one of them is chosen. Without this script all is shown.
export function ofReasons(document) {
  const show = (form) => {
    const chosen = form.querySelector('[name="reason"]:checked')?.value;
    for (const part of form.querySelectorAll("[data-reasons]")) {
      part.hidden = !part.dataset.reasons.split(" ").includes(chosen) && !part.querySelector(".error");
    }
  };
  document.querySelectorAll("form:has([data-reasons])").forEach(show);
  document.addEventListener("change", ({ target }) => {
    if (target.name === "reason") show(target.form);
  });
}
