// The floor: one tile a seat, drawn from the frame's string of characters (i in, o out, r rescued now, f fell now, - empty).

/** Draw or repaint a seat map; only tiles whose state changed are touched. */
export function paintSeats(home, seats) {
  if (home.children.length !== seats.length) {
    home.style.setProperty("--per", String(seats.length > 144 ? 20 : seats.length > 64 ? 15 : 10));
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
