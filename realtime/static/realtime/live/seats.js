// The floor: one tile a seat, drawn from the frame's string of characters (i in, o out, r rescued now, f fell now, e reserve, - empty).

const TINY = 450;

/** Draw or repaint a seat map; only tiles whose state changed are touched. */
export function paintSeats(home, seats) {
  if (home.children.length !== seats.length) {
    const tiny = seats.length > TINY; // no room for numbers
    home.style.setProperty("--per", String(tiny ? 40 : seats.length > 64 ? 15 : 10));
    home.toggleAttribute("data-tiny", tiny);
    home.replaceChildren(...[...seats].map((_state, index) => {
      const tile = document.createElement("span");
      tile.textContent = String(index + 1);
      return tile;
    }));
  }
  [...seats].forEach((state, index) => {
    const tile = home.children[index];
    if (tile.dataset.s !== state) tile.dataset.s = state;
  });
}
