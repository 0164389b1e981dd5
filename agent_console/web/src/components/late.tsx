// A part of a page that is loaded after the page itself. Unlike React's own lazy parts it is painted in
// the same frame once it has been fetched (`fetch`, while nothing else is to do), so it may stand where
// nothing may flicker: on a desk at the moment of a ring.
import { type ComponentType, type ReactNode, useEffect, useState } from "react";

export interface LatePart<Props> {
  /** The component, once it has been fetched. */
  readonly loaded: ComponentType<Props> | null;
  /** Load it; after a failure the next call tries again. */
  fetch(): Promise<void>;
}

export function late<Props>(load: () => Promise<ComponentType<Props>>): LatePart<Props> {
  let loaded: ComponentType<Props> | null = null;
  let asked: Promise<void> | null = null;
  const ask = async () => {
    try {
      loaded = await load();
    } finally {
      asked = null;
    }
  };
  return {
    get loaded() {
      return loaded;
    },
    fetch() {
      if (loaded !== null) return Promise.resolve();
      asked ??= ask();
      return asked;
    },
  };
}

/** The part with its props; `meanwhile` until it is here. A failed load is thrown to the page's error view. */
export function Late<Props extends object>({
  part,
  props,
  meanwhile = null,
}: {
  part: LatePart<Props>;
  props: Props;
  meanwhile?: ReactNode;
}) {
  const [problem, setProblem] = useState<{ said: unknown } | null>(null);
  const [, setReady] = useState(part.loaded !== null);
  useEffect(() => {
    let here = true;
    part.fetch().then(
      () => here && setReady(true),
      (said: unknown) => here && setProblem({ said }),
    );
    return () => {
      here = false;
    };
  }, [part]);
  if (problem !== null) throw problem.said;
  const Loaded = part.loaded;
  return Loaded === null ? meanwhile : <Loaded {...props} />;
}
