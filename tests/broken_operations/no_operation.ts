export default { title: "This has no run" };
