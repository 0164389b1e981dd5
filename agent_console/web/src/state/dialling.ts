// How a number is dialled from the desk, for pages that are handed one. Null: this console cannot dial by
// hand; what it can do is a callback.
export const dialling: { dial: ((number: string) => Promise<void>) | null } = { dial: null };
