import 'htmx.org/dist/htmx.esm.js';
import 'htmx.org/dist/ext/hx-sse.js';

// <fd-chart option="{ECharts JSON}"> — the option is built and translated in C#; this element only draws it.
//   "var(--x)" -> the theme's colour; "fn:name" -> a formatter below. Light-DOM children are the data table (no-JS and a11y fallback).
const nf = (o: Intl.NumberFormatOptions = {}) => new Intl.NumberFormat(document.documentElement.lang.startsWith('zh') ? 'zh-CN' : 'en', o);
const fns: Record<string, Function> = {
  int: (v: any) => v == null ? '—' : nf().format(+(v?.value ?? v)),
  compact: (v: any) => nf({ notation: 'compact', maximumFractionDigits: 1 }).format(+(v?.value ?? v)),
};
const sheet = `:host{display:block}.plot{width:100%;height:100%}details{font-size:12px;color:var(--muted)}summary{cursor:pointer;width:max-content}`;

class FdChart extends HTMLElement {
  static observedAttributes = ['option'];
  #chart: any; #ro?: ResizeObserver; #plot!: HTMLDivElement;
  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.innerHTML = `<style>${sheet}</style><div class="plot" style="height:${this.getAttribute('height') ?? 280}px"></div><details><summary>${this.getAttribute('table-label') ?? 'Table'}</summary><slot></slot></details>`;
    this.#plot = root.querySelector('.plot')!;
    this.#ro = new ResizeObserver(() => this.#chart?.resize()); this.#ro.observe(this.#plot);
    addEventListener('fd:theme', this.#redraw); this.#draw();
  }
  disconnectedCallback() { this.#ro?.disconnect(); removeEventListener('fd:theme', this.#redraw); this.#chart?.dispose(); this.#chart = null; }
  attributeChangedCallback() { if (this.#chart) this.#draw(); }
  #redraw = () => { this.#chart?.dispose(); this.#chart = null; this.#draw(); };
  async #draw() {
    const { init } = await import('./charts');
    if (!this.isConnected) return;
    const css = getComputedStyle(this);
    const option = JSON.parse(this.getAttribute('option')!, (_, v) => typeof v !== 'string' ? v
      : v.startsWith('var(') ? css.getPropertyValue(v.slice(4, -1)).trim()
      : v.startsWith('fn:') ? fns[v.slice(3)] : v);
    this.#chart ??= init(this.#plot, undefined, { renderer: 'svg', locale: document.documentElement.lang.startsWith('zh') ? 'ZH' : 'EN' });
    option.animation = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#chart.setOption(option);
    this.setAttribute('data-ready', '');
  }
}
customElements.define('fd-chart', FdChart);

// Live badge: htmx's SSE extension owns the connection and reconnects; we show its state. The server pings every 10 s,
// so 25 s of silence (half-open TCP, proxy, sleeping laptop) also counts as paused.
let dog = 0;
const live = (s: string) => { document.documentElement.setAttribute('data-live', s); clearTimeout(dog); if (s !== 'off') dog = setTimeout(live, 25_000, 'off') as any; };
live('wait');
for (const e of ['htmx:sse:after:connection', 'htmx:sse:after:message']) document.addEventListener(e, () => live('on'));
for (const e of ['htmx:sse:error', 'htmx:sse:close']) document.addEventListener(e, () => live('off'));

// Failed request: keep what is on screen (noSwap above), say so once, never blank a panel.
for (const e of ['htmx:error', 'htmx:response:error']) document.addEventListener(e, (ev: any) => {
  if ([409, 422].includes(ev.detail?.ctx?.response?.raw?.status)) return; // answers, not failures: the panel itself says what is wrong
  const t = document.querySelector<HTMLElement>('.toast')!; t.textContent = t.dataset.text!; clearTimeout((t as any)._h); (t as any)._h = setTimeout(() => t.textContent = '', 8000);
});

// Theme: a link that also works without script; with it, nothing is loaded anew. The server paints the right one first.
document.addEventListener('click', e => {
  const link = (e.target as Element).closest<HTMLAnchorElement>('[data-set-theme]'); if (!link) return;
  e.preventDefault();
  const now = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = now;
  link.href = link.href.replace(/\/theme\/\w+/, `/theme/${now === 'dark' ? 'light' : 'dark'}`);
  document.cookie = `theme=${now};path=/;max-age=31536000;samesite=lax`; dispatchEvent(new Event('fd:theme'));
});
