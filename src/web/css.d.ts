declare module "*.module.css" {
  const classes: Readonly<Record<string, string>>;
  // oxlint-disable-next-line import/no-default-export -- how CSS modules are given
  export default classes;
}
declare module "*.css";
