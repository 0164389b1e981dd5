// One flow in the designer: loads it, keeps it saved and checked, and lays out canvas or outline, the
// properties, the simulator and the list of mistakes.
import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { ReactFlowProvider } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { readCatalogue } from "@/wire/flows";
import { Canvas } from "./canvas";
import { ConflictDialog } from "./conflict_dialog";
import "./flows.css";
import { readKinds } from "./model/catalogue";
import { useEditor } from "./model/editor";
import { OutlineView } from "./outline_view";
import { Palette } from "./palette";
import { Problems } from "./problems";
import { Properties } from "./properties";
import { Simulator } from "./simulator";
import { TestsPanel } from "./tests_panel";
import { Toolbar } from "./toolbar";
import { useChecking } from "./use_checking";
import { useEditorKeys } from "./use_editor_keys";
import { useOpened } from "./use_opened";

export type View = "canvas" | "outline";

function useCatalogue() {
  const { t } = useTranslation();
  const language = useLanguage();
  const read = useQuery({
    queryKey: ["flows", "nodes"],
    queryFn: readCatalogue,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const made = useMemo(
    () => (read.data ? readKinds(read.data, language, t("flow.operator")) : null),
    [read.data, language, t],
  );
  return { made, read };
}

export function DesignerPage() {
  const { flow: name } = useParams({ strict: false }) as { flow: string };
  const { made, read } = useCatalogue();
  useEffect(() => {
    if (made) useEditor.setState(made);
  }, [made]);
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (made === null) return <Rows count={6} height={72} />;
  return <Opened key={name} name={name} />;
}

function Opened({ name }: { name: string }) {
  const navigate = useNavigate();
  const catalogued = useEditor((state) => state.catalogue.size > 0);
  const opened = useOpened(name, catalogued);
  if (opened.error !== null) return <Failure error={opened.error} retry={opened.again} />;
  if (opened.saver === null) return <Rows count={6} height={72} />;
  return (
    <>
      <Desk name={name} opened={opened} />
      {opened.conflict !== null && (
        <ConflictDialog
          name={name}
          conflict={opened.conflict}
          onSettled={opened.settle}
          onCopied={(copy) => void navigate({ to: "/flows/$flow", params: { flow: copy } })}
        />
      )}
    </>
  );
}

export type OpenedFlow = ReturnType<typeof useOpened>;

function Desk({ name, opened }: { name: string; opened: OpenedFlow }) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>("canvas");
  const [searching, setSearching] = useState(false);
  const [panel, setPanel] = useState<string | null>("properties");
  const openSearch = useCallback(() => setSearching(true), []);
  useEditorKeys(openSearch);
  const unreachable = useChecking();
  return (
    <ReactFlowProvider>
      <div className="fd-page" data-testid="designer">
        <Toolbar
          name={name}
          opened={opened}
          view={view}
          onView={setView}
          searching={searching}
          onSearch={setSearching}
        />
        <div className="fd-body">
          <Palette />
          {view === "canvas" ? <Canvas /> : <OutlineView />}
          <Tabs
            className="fd-panel"
            value={panel}
            onChange={setPanel}
            aria-label={t("flow.panel")}
            keepMounted
          >
            <Tabs.List grow>
              <Tabs.Tab value="properties">{t("flow.properties")}</Tabs.Tab>
              <Tabs.Tab value="simulator">{t("flow.simulator")}</Tabs.Tab>
              <Tabs.Tab value="tests">{t("flow.tests")}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="properties">
              <Properties />
            </Tabs.Panel>
            <Tabs.Panel value="simulator">
              <Simulator name={name} shown={panel === "simulator"} />
            </Tabs.Panel>
            <Tabs.Panel value="tests">
              <TestsPanel name={name} />
            </Tabs.Panel>
          </Tabs>
        </div>
        <Problems unreachable={unreachable} />
      </div>
    </ReactFlowProvider>
  );
}
