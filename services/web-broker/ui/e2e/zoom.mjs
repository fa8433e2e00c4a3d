// What is lost on a page that somebody has enlarged: text that is cut, controls that lie outside or under something else.

/** Every loss in what is shown now, in words; run inside the page. */
export function losses() {
  const found = new Set();
  const root = document.documentElement;
  const scope = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;
  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !element.closest('.unseen, .skip:not(:focus), [aria-hidden="true"]');
  const named = (element) => {
    const [first] = element.classList;
    const text = (element.textContent || element.value || element.id || '').trim().replace(/\s+/g, ' ');
    return `${element.localName}${first ? `.${first}` : ''} "${text.slice(0, 60)}"`;
  };
  const tell = (what, element, more = '') => found.add(`${what}: ${named(element)}${more}`);
  const wide = root.scrollWidth - root.clientWidth;
  if (wide > 0) found.add(`the page is ${wide} pixels too wide`);

  /** What cuts `rect` off, among the element and those around it. */
  function cuts(element, rect) {
    let [x, y] = [true, true];
    for (let at = element; at && at !== root; at = at.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      if (x && overflowX !== 'visible') {
        if (/auto|scroll/.test(overflowX)) x = false;
        else if (rect.left < box.left - 1 || rect.right > box.right + 1) return at;
      }
      if (y && overflowY !== 'visible') {
        if (/auto|scroll/.test(overflowY)) y = false;
        else if (rect.top < box.top - 1 || rect.bottom > box.bottom + 1) return at;
      }
      if (position === 'fixed') break;
    }
    return x && (rect.left < -1 || rect.right > root.clientWidth + 1) ? root : null;
  }
  const related = (one, other) => one.contains(other) || other.contains(one);

  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element || !shown(element) || element.closest('option, svg, script')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) continue;
      const by = cuts(element, rect);
      if (by)
        tell('text is cut', element, by === root ? ' by the page' : ` by ${by.className || by.localName}`);
      const control = element.closest('button, .button, .tag, summary');
      const box = control?.getBoundingClientRect();
      if (box && (rect.left < box.left - 1 || rect.right > box.right + 1))
        tell('text runs over its control', control);
    }
    element.scrollIntoView({ block: 'center', inline: 'nearest' });
    const [rect] = range.getClientRects();
    const over = rect && document.elementFromPoint(rect.left + rect.width / 2, rect.top + rect.height / 2);
    if (over && !related(over, element)) tell('text is covered', element, ` by ${named(over)}`);
  }

  const controls = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  for (const control of scope.querySelectorAll(controls)) {
    if (!shown(control) || control.disabled || control.closest('.skip')) continue;
    control.focus();
    const [box] = control.getClientRects();
    if (!box) continue;
    const by = cuts(control, control.getBoundingClientRect());
    if (by && by !== control) tell('control is cut', control);
    // What is larger than the screen is looked at where it is in sight.
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, root.clientHeight)];
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, root.clientWidth)];
    const at = [(left + right) / 2, Math.min((top + bottom) / 2, top + 20)];
    const over = document.elementFromPoint(...at);
    if (!over) tell('control is out of sight when it has the focus', control);
    else if (!related(over, control) && over.closest('label')?.control !== control)
      tell('control is covered when it has the focus', control, ` by ${named(over)}`);
  }
  document.activeElement?.blur();
  scrollTo(0, 0);
  return [...found];
}
