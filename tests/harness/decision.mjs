// What every decision to agree says: how each matter of section 82(3) was weighed.

export const MATTERS = ['A', 'B', 'C1', 'C2', 'C3', 'C4', 'C5', 'D', 'E', 'F', 'G', 'H', 'I', 'J'].map(matter => ({matter, text: `Weighed ${matter}.`}));
