// The officer's desk: the list on the left, the task beside it where the screen is wide enough, and keys for
// people who do this all day. Without this script the list's links open the task as a page.
import htmx from "htmx.org";

const WIDE = matchMedia("(min-width: 75rem)");
const TYPED_INTO = "input:not([type=checkbox], [type=radio]), textarea, select, dialog";

export function desk(document) {
  const find = (what) => document.querySelector(what);
  const tasks = [...document.querySelectorAll("[data-list] a.row-link")];
  const dialog = find("[data-keys]");

  async function open(task) {
    if (task.hasAttribute("aria-current")) return; // what is typed beside it stays
    for (const other of tasks) other.removeAttribute("aria-current");
    task.setAttribute("aria-current", "true");
    find("[data-desk]").classList.add("split");
    const pane = find("[data-pane]");
    if (pane.getBoundingClientRect().top < 0) scrollTo(0, 0);
    pane.inert = true; // until this task is there, nothing is decided on the one before it
    await htmx.ajax("GET", task.getAttribute("href"), { source: pane, target: pane });
    pane.inert = !task.hasAttribute("aria-current");
  }

  function step(by) {
    const at = tasks.findIndex((task) => task === document.activeElement || task.hasAttribute("aria-current"));
    const task = tasks[Math.min(Math.max(at + by, 0), tasks.length - 1)];
    task?.focus();
    if (task && WIDE.matches) open(task);
  }

  function ask(what) {
    const choices = find(what);
    if (!choices) return;
    choices.open = true;
    (choices.querySelector("input:checked") ?? choices.querySelector("input"))?.focus();
  }

  function tick() {
    const at = tasks.find((task) => task === document.activeElement || task.hasAttribute("aria-current"));
    at?.closest("li").querySelector("[data-tick]")?.click();
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    a: () => find("[data-approve]:not(:disabled)")?.focus(),
    r: () => ask("[data-return]"),
    x: () => ask("[data-reject]"),
    c: () => find("[data-claim] button")?.click(),
    t: tick,
    "?": () => dialog?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPED_INTO)) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    const task = event.target.closest("[data-list] a.row-link");
    if (!task || !WIDE.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(task);
  });

  // Without an answer, the browser itself says what is wrong with the connection; what is typed in a form stays.
  find("[data-pane]")?.addEventListener("htmx:error", ({ detail }) => location.assign(detail.ctx.request.action));

  const help = find("[data-help]");
  if (help) {
    help.hidden = false;
    help.addEventListener("click", keys["?"]);
  }
  if (WIDE.matches && tasks.length) open(tasks[0]);
}
