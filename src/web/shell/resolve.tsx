import { useParams, useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useApi } from "../api/query.ts";
import { Loading } from "../parts/states.tsx";
import { NotFound } from "./not-found.tsx";

const ID = /^[a-z]+_[0-9a-z]{12}$/;

/** `/<id>` leads to where the thing is shown; every id that Usher tells can be pasted after its address. */
export function Page(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const router = useRouter();
  const isId = ID.test(id);
  const found = useApi("search.resolve", { params: { id } }, { enabled: isId });
  const href = found.data?.href;
  useEffect(() => {
    if (href !== undefined) router.history.replace(href);
  }, [href, router]);
  return isId && !found.isError ? <Loading /> : <NotFound />;
}
