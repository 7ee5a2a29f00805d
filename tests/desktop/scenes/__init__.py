"""What is played on the stage: a file a theme, a function a scene, rows of data where a scene is a list."""
