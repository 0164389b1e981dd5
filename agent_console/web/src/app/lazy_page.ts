// How a page is added so that agents do not pay for it: give the route `lazyPage(() => import(...), "Name",
// ...parts)` and nothing else may import the page. The code is a file of its own, fetched when the page is
// opened (or its link is pointed at). Texts that only this page shows stand in a part of their own
// (`locales/<part>.en.json` and `.zh.json`, named in `state/i18n`), fetched together with it. What `npm run
// size` counts then stays as it was. A part *of* a page that is not needed at first: `components/late`.
import { lazyRouteComponent } from "@tanstack/react-router";
import { needTexts, type TextPart } from "@/state/i18n";

export function lazyPage<
  Module extends Record<string, unknown>,
  Name extends keyof Module & string,
>(load: () => Promise<Module>, name: Name, ...texts: TextPart[]) {
  const both = async (): Promise<Module> => {
    const [page] = await Promise.all([load(), ...texts.map(needTexts)]);
    return page;
  };
  return lazyRouteComponent(both, name);
}
