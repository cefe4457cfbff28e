// The views by the name that the data's "view" gives. A view is made once with its root and
// `act`, which reports what was pressed; draw(data) is called with every new data. Where it has
// them: escape() on Esc, key(event) for other keys, end() when it leaves the page.
const views = {};

// Small helpers. `make` appends strings as text nodes: data never becomes markup.

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

// Draws `value` into `slot` with `build`, only when it differs from what is there.
function update(slot, value, build) {
  const shown = JSON.stringify(value ?? null);
  if (slot.shown === shown) return;
  slot.shown = shown;
  slot.replaceChildren(...build(value).filter((child) => child !== null));
}

// Words that bring their own quotation marks get no second pair.
function quoted(text) {
  return /^["“„«‘]/.test(text) ? text : `“${text}”`;
}

function typing(event) {
  const target = event.composedPath()[0];
  return target.matches?.("input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable=true]");
}

async function copyText(text, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Copying is not allowed here";
  }
  setTimeout(() => { button.textContent = label; }, 1600);
}
