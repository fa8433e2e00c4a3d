// Goes to a place of a form.

/** Brings a place of the form into view and puts the focus there. */
export function show(id: string): void {
  const place = nearest(id);
  if (!place) return;
  place.scrollIntoView({ block: 'center' });
  const control = place.matches('input,select,textarea')
    ? place
    : place.querySelector<HTMLElement>('input,select,textarea');
  (control ?? place).focus({ preventScroll: true });
}

/** The place itself, or the nearest around it that is on the page. */
function nearest(id: string): HTMLElement | null {
  for (let name = id; name; name = name.slice(0, Math.max(name.lastIndexOf('.'), 0))) {
    const found = document.getElementById(name);
    if (found) return found;
  }
  return null;
}
