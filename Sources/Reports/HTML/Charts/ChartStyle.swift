// SPDX-License-Identifier: Apache-2.0

/// What charts look like and how they answer pointer and keys. The script reads the chart's own table and writes text
/// only; without it the tables are there all the same.
package enum ChartStyle {
  package static let style: StaticString = """
    figure { margin: 0 0 26px; }
    figure:last-child { margin-bottom: 0; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 4px 0 6px; padding: 0;
      font-size: 0.87rem; }
    .legend li { display: flex; align-items: center; gap: 6px; min-width: 0; overflow-wrap: anywhere; }
    .legend svg { flex: none; }
    figcaption { overflow-wrap: anywhere; }
    .plot { display: grid; grid-template-columns: 60px minmax(0, 1fr); }
    .area { position: relative; min-width: 0; }
    .plot svg { display: block; overflow: visible; }
    .plot svg svg { overflow: hidden; }
    .plot text { fill: var(--soft); font-size: 11px; }
    .plot text.limit { fill: var(--text); paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
    .plot text.name { font-size: 11px; }
    .draw { touch-action: pan-y; cursor: crosshair; }
    .grid, .notch { stroke: var(--line); stroke-width: 1; }
    .band { fill: var(--shade); }
    .band.fault { fill: var(--fault); }
    .line { fill: none; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round;
      vector-effect: non-scaling-stroke; }
    .line.bold { stroke-width: 2.4; }
    .line.dash { stroke-dasharray: 5 4; }
    .line.ca { stroke: var(--a); } .line.cb { stroke: var(--b); } .line.cc { stroke: var(--c); }
    .line.cd { stroke: var(--d); } .line.ce { stroke: var(--e); }
    .bar.ca { fill: var(--a); } .bar.cb { fill: var(--b); } .bar.cc { fill: var(--c); }
    .bar.cd { fill: var(--d); } .bar.ce { fill: var(--e); } .bar.cf { fill: var(--soft); }
    .beyond { stroke: var(--e); stroke-width: 3; vector-effect: non-scaling-stroke; }
    line.limit { stroke: var(--text); stroke-width: 1; stroke-dasharray: 2 3; }
    .cross { stroke: var(--text); stroke-width: 1; display: none; }
    .tip { position: absolute; top: 20px; z-index: 2; pointer-events: none; background: var(--card);
      color: var(--text); border: 1px solid var(--soft); border-radius: 6px; padding: 5px 10px; font-size: 0.82rem;
      line-height: 1.35; white-space: nowrap; font-variant-numeric: tabular-nums; }
    .tip strong { display: block; }
    .data summary { font-size: 0.82rem; }
    .data .scroll { max-height: 320px; overflow: auto; }
    .spark { display: block; }
    .spark path { fill: none; stroke: var(--a); stroke-width: 1.3; }
    .spark .bad { stroke: var(--e); stroke-width: 2; }
    .fall { display: block; width: 100%; min-width: 180px; height: 14px; }
    @media print { .data { display: none; } .cross { display: none; } }

    """

  package static let script: StaticString = """
    'use strict';
    for (const figure of document.querySelectorAll('figure.chart')) {
      const draw = figure.querySelector('.draw');
      const cross = figure.querySelector('.cross');
      const tip = figure.querySelector('.tip');
      const heads = Array.from(figure.querySelectorAll('thead th'), (head) => head.textContent);
      const rows = figure.querySelectorAll('tbody tr');
      const places = draw.dataset.x
        ? draw.dataset.x.split(' ').map(Number)
        : Array.from(rows, (_, index) => (index + 0.5) / rows.length);
      let shown = -1;
      const hide = () => {
        shown = -1;
        tip.hidden = true;
        cross.style.display = 'none';
      };
      const show = (index) => {
        shown = Math.max(0, Math.min(rows.length - 1, index));
        const share = places[shown] * 100;
        tip.replaceChildren(...Array.from(rows[shown].children, (cell, column) => {
          const line = document.createElement(column === 0 ? 'strong' : 'div');
          line.textContent = column === 0 ? cell.textContent : heads[column] + ': ' + cell.textContent;
          return line;
        }));
        tip.hidden = false;
        tip.style.left = share < 50 ? 'calc(' + share + '% + 10px)' : 'auto';
        tip.style.right = share < 50 ? 'auto' : 'calc(' + (100 - share) + '% + 10px)';
        cross.setAttribute('x1', share + '%');
        cross.setAttribute('x2', share + '%');
        cross.style.display = 'inline';
      };
      const nearest = (share) => {
        let best = 0;
        for (let index = 1; index < places.length; index += 1) {
          if (Math.abs(places[index] - share) < Math.abs(places[best] - share)) best = index;
        }
        return best;
      };
      const follow = (event) => {
        const box = draw.getBoundingClientRect();
        show(nearest((event.clientX - box.left) / box.width));
      };
      draw.addEventListener('pointermove', follow);
      draw.addEventListener('pointerdown', follow);
      draw.addEventListener('pointerleave', hide);
      draw.addEventListener('blur', hide);
      draw.addEventListener('keydown', (event) => {
        const step = event.shiftKey ? 10 : 1;
        if (event.key === 'ArrowRight') show(shown + step);
        else if (event.key === 'ArrowLeft') show(shown < 0 ? rows.length - 1 : shown - step);
        else if (event.key === 'Home') show(0);
        else if (event.key === 'End') show(rows.length - 1);
        else if (event.key === 'Escape') hide();
        else return;
        event.preventDefault();
      });
    }
    """
}
