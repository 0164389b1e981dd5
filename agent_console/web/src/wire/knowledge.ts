// Requests about outcomes, forms of calls, scripts and articles; loaded with the parts that make them.
import type { components } from "./generated/api";
import { client, type DispositionChoice, taken } from "./rest";

type Schemas = components["schemas"];

// -- how calls end ----------------------------------------------------------------------------------
export const putDispositions = (items: readonly DispositionChoice[]) =>
  taken(client.PUT("/api/dispositions", { body: { items: [...items] } }));
export const putCallForm = (code: string, body: Schemas["DefinedBody_CallFormDefinition_"]) =>
  taken(client.PUT("/api/call-forms/{code}", { params: { path: { code } }, body }));
export const removeCallForm = (code: string) =>
  taken(client.DELETE("/api/call-forms/{code}", { params: { path: { code } } }));

// -- articles ---------------------------------------------------------------------------------------
export type ArticleRead = Schemas["ArticleRead"];
export type ArticleWhole = Schemas["ArticleWhole"];
export type ArticleBody = Schemas["ArticleBody"];
export type CategoryRead = Schemas["DefinedRead_ArticleCategory_"];
export type ArticleLanguage = ArticleBody["language"];

export interface ArticleFilter {
  q: string;
  category?: string;
  queue?: string;
  language?: "en" | "zh";
  unpublished?: boolean;
  archived?: boolean;
}

const of = (article: string) => ({ params: { path: { article } } });

export const searchArticles = async (query: ArticleFilter) =>
  (await taken(client.GET("/api/articles", { params: { query: { ...query, limit: 50 } } }))).items;
export const suggestArticles = async (query: {
  queue?: string;
  path: string[];
  language: "en" | "zh";
}) => (await taken(client.GET("/api/articles/suggested", { params: { query } }))).items;
export const readArticle = (article: string) =>
  taken(client.GET("/api/articles/{article}", of(article)));
export const readArticleDraft = (article: string) =>
  taken(client.GET("/api/articles/{article}/draft", of(article)));
export const createArticle = (body: ArticleBody) => taken(client.POST("/api/articles", { body }));
export const saveArticle = (article: string, body: Schemas["ArticleDraftBody"]) =>
  taken(client.PUT("/api/articles/{article}/draft", { ...of(article), body }));
export const publishArticle = (article: string, body: Schemas["ArticlePublishBody"]) =>
  taken(client.POST("/api/articles/{article}/publish", { ...of(article), body }));
export const restoreArticle = (article: string, body: Schemas["ArticleRestoreBody"]) =>
  taken(client.POST("/api/articles/{article}/restore", { ...of(article), body }));
export const archiveArticle = (article: string, archived: boolean) =>
  taken(client.PUT("/api/articles/{article}/archived", { ...of(article), body: { archived } }));
export const previewArticle = async (text: string) =>
  (await taken(client.POST("/api/articles/preview", { body: { text } }))).html;
export const articleVersions = async (article: string) =>
  (await taken(client.GET("/api/articles/{article}/versions", of(article)))).items;
export const articleDiff = async (article: string, older: number, newer: number) =>
  (
    await taken(
      client.GET("/api/articles/{article}/diff", {
        params: { path: { article }, query: { older, newer } },
      }),
    )
  ).lines;
export const sayOfArticle = (article: string, body: Schemas["ArticleFeedbackBody"]) =>
  taken(client.POST("/api/articles/{article}/feedback", { ...of(article), body }));
export const noteSearch = (body: Schemas["ArticleSearchBody"]) =>
  taken(client.POST("/api/article-searches", { body }));
export const articleGaps = async () => (await taken(client.GET("/api/articles/gaps"))).items;
export const listCategories = async () =>
  (await taken(client.GET("/api/article-categories"))).items;
export const putCategory = (code: string, body: Schemas["DefinedBody_ArticleCategory_"]) =>
  taken(client.PUT("/api/article-categories/{code}", { params: { path: { code } }, body }));
export const removeCategory = (code: string) =>
  taken(client.DELETE("/api/article-categories/{code}", { params: { path: { code } } }));

// -- scripts ----------------------------------------------------------------------------------------
export type Script = Schemas["Script-Output"];
export type ScriptStep = Script["steps"][number];
export type ScriptRead = Schemas["ScriptRead"];
export type ScriptProblem = ScriptRead["problems"][number];
export type CallScript = Schemas["CallScript"];
export type Said = NonNullable<CallScript["run"]>["trail"][number];

export const listScripts = () => taken(client.GET("/api/scripts"));
export const saveScript = (code: string, body: Schemas["ScriptBody"]) =>
  taken(client.PUT("/api/scripts/{code}", { params: { path: { code } }, body }));
export const publishScript = (code: string, body: Schemas["PublishScript"]) =>
  taken(client.POST("/api/scripts/{code}/publish", { params: { path: { code } }, body }));
export const restoreScript = (code: string, body: Schemas["RestoreScript"]) =>
  taken(client.POST("/api/scripts/{code}/restore", { params: { path: { code } }, body }));
export const scriptVersions = async (code: string) =>
  (await taken(client.GET("/api/scripts/{code}/versions", { params: { path: { code } } }))).items;
export const readCallScript = (call: string, language: "en" | "zh") =>
  taken(
    client.GET("/api/calls/{call}/script", { params: { path: { call }, query: { language } } }),
  );
export const goOnInScript = (call: string, body: Schemas["RunBody"]) =>
  taken(client.PUT("/api/calls/{call}/script", { params: { path: { call } }, body }));
