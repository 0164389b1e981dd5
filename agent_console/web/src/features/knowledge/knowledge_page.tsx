// The knowledge base: found while one types on the left, read on the right. Supervisors and administrators
// also write, and see what people looked for in vain. Which article is shown stands in the address.
import { Button, Card, Grid, Group, Select, Stack, Tabs, TextInput, Title } from "@mantine/core";
import { IconBook, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { ArticleLine } from "@/components/knowledge/article_line";
import { useArticleSearch } from "@/components/knowledge/search";
import { nameOf, useLanguage } from "@/state/choices";
import { useSession } from "@/state/session";
import { ArticleEditor } from "./article_editor";
import { ArticleReading } from "./article_reading";
import { Categories } from "./categories";
import { Gaps } from "./gaps";
import { categoriesQuery } from "./queries";

const NEW = "new";

interface Search {
  id?: string;
  edit?: boolean;
}

export function KnowledgePage() {
  const { t } = useTranslation();
  const { role } = useSession();
  if (role === "agent") return <Articles writes={false} />;
  return (
    <Tabs defaultValue="articles" keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="articles">{t("knowledge.articles")}</Tabs.Tab>
        <Tabs.Tab value="gaps">{t("knowledge.gaps")}</Tabs.Tab>
        <Tabs.Tab value="categories">{t("knowledge.categories")}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="articles">
        <Articles writes />
      </Tabs.Panel>
      <Tabs.Panel value="gaps">
        <Gaps />
      </Tabs.Panel>
      <Tabs.Panel value="categories">
        <Categories />
      </Tabs.Panel>
    </Tabs>
  );
}

function Articles({ writes }: { writes: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id, edit } = useSearch({ strict: false }) as Search;
  const [typed, setTyped] = useState("");
  const show = (next: string | null, editing = false) =>
    void navigate({
      to: "/knowledge",
      search: next === null ? {} : { id: next, ...(editing ? { edit: true } : {}) },
    });
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <List writes={writes} typed={typed} setTyped={setTyped} onPick={(one) => show(one)} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Card withBorder>
          {id === undefined && (
            <Empty icon={IconBook} title={t("knowledge.pick")} hint={t("knowledge.pickHint")} />
          )}
          {id === NEW && (
            <ArticleEditor
              id={null}
              onSaved={(made, read) => show(made, !read)}
              onClose={() => show(null)}
            />
          )}
          {id !== undefined && id !== NEW && edit === true && writes && (
            <ArticleEditor
              key={id}
              id={id}
              onSaved={(saved, read) => show(saved, !read)}
              onClose={() => show(id)}
            />
          )}
          {id !== undefined && id !== NEW && !(edit === true && writes) && (
            <ArticleReading
              key={id}
              id={id}
              query={typed}
              writes={writes}
              onEdit={() => show(id, true)}
            />
          )}
        </Card>
      </Grid.Col>
    </Grid>
  );
}

function List({
  writes,
  typed,
  setTyped,
  onPick,
}: {
  writes: boolean;
  typed: string;
  setTyped: (typed: string) => void;
  onPick: (id: string) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [category, setCategory] = useState<string | null>(null);
  const [which, setWhich] = useState("current");
  const categories = useQuery(categoriesQuery).data ?? [];
  const filter = {
    q: typed,
    ...(category === null ? {} : { category }),
    ...(writes && which === "current" ? { unpublished: true } : {}),
    ...(writes && which === "archived" ? { archived: true } : {}),
  };
  const search = useArticleSearch(filter, true);
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {t("page.knowledge")}
          </Title>
          {writes && (
            <Button size="xs" leftSection={<IconPlus size={16} />} onClick={() => onPick(NEW)}>
              {t("knowledge.new")}
            </Button>
          )}
        </Group>
        <TextInput
          leftSection={<IconSearch size={16} />}
          aria-label={t("knowledge.search")}
          placeholder={t("knowledge.search")}
          maxLength={100}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group grow>
          <Select
            aria-label={t("knowledge.category")}
            placeholder={t("knowledge.allCategories")}
            clearable
            data={categories.map(({ code, value }) => ({
              value: code,
              label: nameOf({ ...value, code }, language),
            }))}
            value={category}
            onChange={setCategory}
          />
          {writes && (
            <Select
              aria-label={t("knowledge.which")}
              allowDeselect={false}
              data={[
                { value: "current", label: t("knowledge.current") },
                { value: "archived", label: t("knowledge.archived") },
              ]}
              value={which}
              onChange={(next) => setWhich(next ?? "current")}
            />
          )}
        </Group>
        {search.isError && <Failure error={search.error} retry={() => void search.refetch()} />}
        {search.isLoading && <Rows count={5} />}
        {search.data?.length === 0 && (
          <Empty
            icon={IconBook}
            title={t("knowledge.nothing")}
            hint={typed === "" ? t("knowledge.emptyHint") : t("knowledge.nothingHint")}
          />
        )}
        <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
          {search.data?.map((article) => (
            <li key={article.id}>
              <ArticleLine article={article} onOpen={() => onPick(article.id)} />
            </li>
          ))}
        </Stack>
      </Stack>
    </Card>
  );
}
