// Numbers as people write them, and round numbers for ticks.

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

function power(exponent) {
  return "10" + [...String(exponent)].map((digit) => SUPERSCRIPT[digit]).join("");
}

// Up to `digits` significant digits; very small and very large numbers by their power of ten.
function written(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "none";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e7) {
    const [mantissa, exponent] = value.toExponential(1).split("e");
    const digit = mantissa.replace(/\.0$/, "");
    return (digit === "1" ? "" : digit.replace("-", "−") + "·") + power(Number(exponent));
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const text = value.toLocaleString("en-US", { maximumFractionDigits: Math.min(decimals, 6) });
  return text.replace("-", "−");
}

// Round numbers inside low..high, about `count` of them.
function linearTicks(low, high, count) {
  const rough = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * unit).find((candidate) => candidate >= rough * 0.999);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}

// A tick with as many decimals as the step between ticks needs.
function even(value, ticks) {
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  if (step < 1e-4 || step >= 1e7) return written(value, 6);
  const decimals = Math.max(0, -Math.floor(Math.log10(step * 1.0001)));
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "−");
}

// The same on a logarithmic axis, in and out as log10: powers of ten; 1, 2, 5; or round numbers where the range is narrow.
function logTicks(low, high, count) {
  const decades = high - low;
  if (decades < 0.7) return linearTicks(10 ** low, 10 ** high, count).filter((value) => value > 0).map(Math.log10);
  const digits = decades > 2.5 ? [1] : [1, 2, 5];
  const ticks = [];
  for (let exponent = Math.floor(low); exponent <= high; exponent += 1) {
    for (const digit of digits) ticks.push(exponent + Math.log10(digit));
  }
  return ticks.filter((tick) => tick >= low - 1e-9 && tick <= high + 1e-9);
}
