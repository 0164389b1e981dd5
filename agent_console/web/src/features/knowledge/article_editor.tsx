// Writing an article: Markdown on the left, as it will look on the right. The draft is kept in the browser
// with each key stroke and saved by the button; readers see nothing of it before it is published.
import {
  Alert,
  Button,
  Group,
  MultiSelect,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { ArticleText } from "@/components/knowledge/article_text";
import { notify } from "@/components/notices";
import { nameOf, useChoices, useLanguage } from "@/state/choices";
import { LANGUAGES } from "@/state/format";
import { useKeptForm } from "@/state/kept_form";
import {
  type ArticleBody,
  type ArticleRead,
  type ArticleWhole,
  archiveArticle,
  createArticle,
  previewArticle,
  publishArticle,
  readArticleDraft,
  saveArticle,
} from "@/wire/knowledge";
import { ApiError } from "@/wire/rest";
import { categoriesQuery } from "./queries";
import { ArticleVersions } from "./versions";

interface Props {
  /** null: a new one. */
  id: string | null;
  /** `read`: it is published, to be read now; else one goes on writing. */
  onSaved: (id: string, read: boolean) => void;
  onClose: () => void;
}

export function ArticleEditor(props: Props) {
  const { id } = props;
  const language = useLanguage();
  const read = useQuery({
    queryKey: ["article-draft", id],
    queryFn: () => readArticleDraft(id ?? ""),
    enabled: id !== null,
    gcTime: 0,
  });
  if (id === null) return <Editor {...props} article={null} language={language} />;
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <Rows count={8} />;
  return <Editor key={read.data.revision} {...props} article={read.data} language={language} />;
}

const bodyOf = (article: ArticleWhole | null, language: "en" | "zh"): Required<ArticleBody> => ({
  title: article?.title ?? "",
  text: article?.text ?? "",
  keywords: article?.keywords ?? "",
  category: article?.category ?? "",
  language: article === null ? language : article.language === "zh" ? "zh" : "en",
  queues: article?.queues ?? [],
});

function Editor({
  article,
  language,
  onSaved,
  onClose,
}: Props & { article: ArticleWhole | null; language: "en" | "zh" }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const kept = useKeptForm(`article-${article?.id ?? "new"}`, bodyOf(article, language));
  const [value, setValue] = useState(kept.first);
  const [note, setNote] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<ArticleBody>) => {
    const next = { ...value, ...part };
    setValue(next);
    kept.keep(next);
  };
  const errors = error instanceof ApiError ? error.fields : {};
  const store = async (): Promise<ArticleRead> => {
    const body = { ...value };
    const saved =
      article === null
        ? await createArticle(body)
        : await saveArticle(article.id, { ...body, revision: article.revision });
    kept.forget();
    return saved;
  };
  const done = async (saved: ArticleRead, read = false) => {
    await Promise.all(
      [["articles"], ["article", saved.id], ["article-draft", saved.id]].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    );
    onSaved(saved.id, read);
  };
  const run = async (action: () => Promise<ArticleRead>, message: string, leave = false) => {
    setBusy(true);
    setError(null);
    try {
      await done(await action(), leave);
      notify({ color: "green", message });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const publish = async () => {
    const { id, revision } = await store();
    return await publishArticle(id, { revision, note });
  };
  return (
    <Stack gap="sm" data-testid="article-editor">
      <Title order={3} size="h4">
        {article === null ? t("knowledge.new") : t("knowledge.write")}
      </Title>
      {kept.found && <Alert color="blue">{t("knowledge.found")}</Alert>}
      <TextInput
        label={t("knowledge.title")}
        required
        maxLength={160}
        value={value.title}
        error={errors.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <Facts value={value} change={change} />
      <Body text={value.text} onChange={(text) => change({ text })} />
      {error !== null && <Failure error={error} />}
      <Group align="flex-end" justify="space-between">
        <TextInput
          label={t("knowledge.note")}
          flex={1}
          maxLength={300}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button
          loading={busy}
          disabled={value.title.trim() === ""}
          onClick={() => void run(publish, t("knowledge.published"), true)}
        >
          {t("knowledge.publish")}
        </Button>
        <Button
          variant="default"
          disabled={busy || value.title.trim() === ""}
          onClick={() => void run(store, t("knowledge.saved"))}
        >
          {t("knowledge.save")}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t("action.close")}
        </Button>
      </Group>
      {article !== null && (
        <>
          <Group>
            <Button
              size="compact-sm"
              variant="subtle"
              color={article.archived ? "blue" : "red"}
              disabled={busy}
              onClick={() =>
                void run(
                  () => archiveArticle(article.id, !article.archived),
                  article.archived ? t("knowledge.unarchived") : t("knowledge.archivedNow"),
                )
              }
            >
              {article.archived ? t("knowledge.unarchive") : t("knowledge.archive")}
            </Button>
          </Group>
          <ArticleVersions article={article} onRestored={(saved) => void done(saved)} />
        </>
      )}
    </Stack>
  );
}

function Facts({
  value,
  change,
}: {
  value: Required<ArticleBody>;
  change: (part: Partial<ArticleBody>) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { queue_names } = useChoices();
  const categories = useQuery(categoriesQuery).data ?? [];
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <Select
        label={t("knowledge.category")}
        clearable
        data={categories.map(({ code, value: one }) => ({
          value: code,
          label: nameOf({ ...one, code }, language),
        }))}
        value={value.category || null}
        onChange={(category) => change({ category: category ?? "" })}
      />
      <Select
        label={t("knowledge.language")}
        allowDeselect={false}
        data={LANGUAGES}
        value={value.language}
        onChange={(next) => change({ language: next === "zh" ? "zh" : "en" })}
      />
      <MultiSelect
        label={t("knowledge.queues")}
        description={t("knowledge.queuesHint")}
        clearable
        data={Object.entries(queue_names).map(([id, name]) => ({ value: id, label: name }))}
        value={value.queues}
        onChange={(queues) => change({ queues })}
      />
      <TextInput
        label={t("knowledge.keywords")}
        description={t("knowledge.keywordsHint")}
        maxLength={400}
        value={value.keywords}
        onChange={(event) => change({ keywords: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}

const TYPING_MS = 400;

function Body({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const [typed] = useDebouncedValue(text, TYPING_MS);
  const preview = useQuery({
    queryKey: ["article-preview", typed],
    queryFn: () => previewArticle(typed),
    placeholderData: (before) => before,
    gcTime: 0,
  });
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
      <Textarea
        label={t("knowledge.text")}
        description={t("knowledge.textHint")}
        autosize
        minRows={12}
        maxRows={30}
        maxLength={60_000}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t("knowledge.preview")}
        </Text>
        {preview.isError ? (
          <Failure error={preview.error} />
        ) : (
          <ArticleText html={preview.data ?? ""} />
        )}
      </div>
    </SimpleGrid>
  );
}
