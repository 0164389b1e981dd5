// An article as one line of text, for notes, remarks and messages.

export function addressOf(id: string): string {
  return `${globalThis.location.origin}/knowledge?id=${encodeURIComponent(id)}`;
}

export function linkOf(article: { id: string; title: string }): string {
  return `${article.title} ${addressOf(article.id)}`;
}
