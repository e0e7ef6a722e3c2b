export * from "./input-range.js";
export * from "./input-style-clone.js";
