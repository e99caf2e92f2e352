// A diagram larger than its window is shown where the case stands, not where it began.
export function showTokens(document) {
  for (const scroll of document.querySelectorAll(".bpmn-scroll")) {
    const steps = scroll.querySelectorAll(".bpmn-done");
    const token = scroll.querySelector(".bpmn-current, .bpmn-rejected") ?? steps[steps.length - 1];
    if (!token) continue;
    const seen = scroll.getBoundingClientRect();
    const { left, top, width, height } = token.getBoundingClientRect();
    scroll.scrollLeft += left + width / 2 - seen.left - scroll.clientWidth / 2;
    scroll.scrollTop += top + height / 2 - seen.top - scroll.clientHeight / 2;
  }
}
