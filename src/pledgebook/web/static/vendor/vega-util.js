// What the interpreter takes from vega-util, which the script of Vega exports with its own.
export const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;
