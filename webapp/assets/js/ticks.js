// Only tasks of one step are approved together: the first tick says of which, and the others cannot be ticked then.
// The whole step, over all pages, is that of the first tick too.
export function ticks(document) {
  const all = [...document.querySelectorAll("[data-tick]")];
  const count = document.querySelector("[data-ticked]");
  const whole = document.querySelector("[data-tick-all]");
  const like = document.querySelector("[data-like]");
  if (!count) return;

  function follow() {
    const ticked = all.filter((tick) => tick.checked);
    for (const tick of all) tick.disabled = ticked.length > 0 && tick.dataset.tick !== ticked[0].dataset.tick;
    count.textContent = ticked.length;
    count.hidden = !ticked.length;
    if (like && ticked.length) like.value = ticked[0].value;
  }

  whole.hidden = false;
  whole.addEventListener("click", () => {
    const step = (all.find((tick) => tick.checked) ?? all[0]).dataset.tick;
    for (const tick of all) tick.checked = tick.dataset.tick === step;
    follow();
  });
  document.addEventListener("change", follow);
  addEventListener("pageshow", follow); // the browser's Back button brings the ticks back
}
