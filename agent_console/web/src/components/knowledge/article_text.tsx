// The text of an article. The server makes it from Markdown and lets nothing through that could act.
import "./article.css";

export function ArticleText({ html }: { html: string }) {
  return (
    <div
      className="cc-article"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the server (nh3, a list of tags)
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
