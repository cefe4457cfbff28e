// Where Streamlit hands over the data. Called again with every new data; what was drawn is kept
// on the parent, so only what differs is touched. And the keys that every page has.

class Desk {
  constructor(root, name) {
    this.root = root;
    this.serial = 0; // of the newest press
    this.waiting = []; // presses that may not have arrived
    this.view = new views[name](root, (action) => this.send(action));
    keys().desks.add(this);
  }

  // Streamlit keeps only the newest value of a trigger, so a press on a busy page would take the
  // place of the one before it: each brings all those along that Python hasn't told as done.
  send(action) {
    this.serial += 1;
    this.waiting.push({ ...action, at: this.serial });
    this.setTriggerValue("action", [...this.waiting]);
  }

  draw(data, setTriggerValue) {
    this.setTriggerValue = setTriggerValue;
    this.serial = Math.max(this.serial, data.done); // a desk drawn anew counts on
    this.waiting = this.waiting.filter(({ at }) => at > data.done);
    this.view.draw(data);
  }

  end() {
    keys().desks.delete(this);
    this.view.end?.();
  }
}

// One listener for the whole document, however many desks are on the page: `/` goes to the
// question, Esc closes what is open, any other key goes to the views that take keys.
function keys() {
  if (!document.deskKeys) {
    document.deskKeys = { desks: new Set() };
    document.addEventListener("keydown", (event) => pressedKey(event, document.deskKeys.desks));
    addEventListener("pagehide", forgetSidebar);
  }
  return document.deskKeys;
}

// Where the sidebar covers the page, the next visit begins with it closed: Streamlit would
// remember it open.
function forgetSidebar() {
  if (innerWidth >= 768) return;
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("stSidebarCollapsed-")) localStorage.removeItem(name);
  }
}

function pressedKey(event, desks) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (enterAsks(event)) return;
  if (event.key === "Escape") {
    for (const { view } of desks) view.escape?.();
  } else if (event.key === "/" && !typing(event)) {
    event.preventDefault();
    const own = [...desks].find(({ view }) => view.focusField);
    if (own) own.view.focusField();
    else toQuestion();
  } else {
    for (const { view } of desks) view.key?.(event);
  }
}

// The page's own field where a view names one, else the question; from another page the way
// leads to the Ask page, whose view takes the focus.
function toQuestion() {
  const field = document.querySelector(QUESTION_FIELD);
  if (field) field.focus();
  else document.querySelector('[data-testid="stSidebarNav"] a, [data-testid="stSidebar"] a')?.click();
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".desk");
  if (!root || !data) return undefined;
  if (root.desk?.name !== data.view) {
    root.desk?.end();
    root.replaceChildren();
    root.className = `desk ${data.view}`;
    root.desk = new Desk(root, data.view);
    root.desk.name = data.view;
  }
  root.desk.draw(data, setTriggerValue);
  // Streamlit also calls this for a draw that a newer one has overtaken: the desk
  // ends only when it has left the page.
  return () => setTimeout(() => {
    if (root.isConnected) return;
    root.desk?.end();
    root.desk = null;
  });
}
